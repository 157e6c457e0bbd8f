package api

import (
	"slices"
	"strconv"
	"strings"

	"outcry"
)

// ByID is the id in a path.
type ByID struct {
	ID string `path:"id"`
}

// Paging asks for one page of a list.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"how many items, from 1 to 200"`
	After string `query:"after" maxLength:"256" doc:"the cursor that the page before gave as next"`
}

// page is the page that is asked for.
func (p Paging) page() outcry.Page { return outcry.Page{After: p.After, Limit: p.Limit} }

// IfMatch is the version that a change is made to.
type IfMatch struct {
	Match string `header:"If-Match" doc:"the version that the change is made to, such as \"3\""`
}

// version is the version that is given; given is false where any will do.
func (m IfMatch) version() (version int, given bool, err error) {
	text := strings.Trim(strings.TrimPrefix(strings.TrimSpace(m.Match), "W/"), `"`)
	if text == "" || text == "*" {
		return 0, false, nil
	}
	version, err = strconv.Atoi(text)
	if err != nil || version < 0 {
		return 0, false, outcry.BadField("header.If-Match", "write the version, for example \"3\"")
	}
	return version, true, nil
}

// window is one page of a list that is there as a whole.
func window[T any](all []T, p outcry.Page, key func(T) string) (items []T, next string) {
	if p.After != "" {
		at := slices.IndexFunc(all, func(x T) bool { return key(x) == p.After })
		all = all[at+1:]
	}
	if len(all) <= p.Limit {
		return all, ""
	}
	return all[:p.Limit], key(all[p.Limit-1])
}

// etag is a version as an entity tag.
func etag(version int) string { return strconv.Quote(strconv.Itoa(version)) }
