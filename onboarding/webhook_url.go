package onboarding

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"outcry"
)

const (
	// maxURL is the longest URL of a webhook, in bytes.
	maxURL      = 2000
	urlLocation = "body.url"
)

// checkURL gives a webhook's URL, and notes what is wrong with it. What its name
// stands for is found out when something is sent, and judged then; what can be
// seen before is told at once.
func (o *Onboarding) checkURL(bad *outcry.Complaints, text string) string {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURL || u.Opaque != "" || u.Hostname() == "" || !plain(text) {
		bad.Add(urlLocation, "write a URL of at most %d characters, for example https://till.example/outcry", maxURL)
		return text
	}
	switch {
	case u.User != nil:
		bad.Add(urlLocation, "write the URL without a name and a password; what is sent is signed")
	case u.Fragment != "" || strings.Contains(text, "#"):
		bad.Add(urlLocation, "write the URL without what follows the #")
	case u.Scheme == "http" && !(o.Reach.Loopback && ownMachine(u.Hostname())):
		bad.Add(urlLocation, "write an https:// URL: what is sent is the shop's alone to read")
	case u.Scheme != "https" && u.Scheme != "http":
		bad.Add(urlLocation, "write an https:// URL")
	}
	o.checkHost(bad, u)
	return text
}

// checkHost notes why a URL's host or port will not be connected to.
func (o *Onboarding) checkHost(bad *outcry.Complaints, u *url.URL) {
	if text := u.Port(); text != "" {
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			bad.Add(urlLocation, "write a port from 1 to 65535, or none")
		} else if why := o.Reach.RefusesPort(uint16(port)); why != "" {
			bad.Add(urlLocation, "write another port: %s is %s", text, why)
		}
	}
	host := u.Hostname()
	if a, err := netip.ParseAddr(host); err == nil {
		if why := o.Reach.Refuses(a); why != "" {
			bad.Add(urlLocation, "write an address of the public Internet: %s is %s", host, why)
		}
		return
	}
	if !public(host) && !(o.Reach.Loopback && ownMachine(host)) {
		bad.Add(urlLocation, "write the name of a machine on the public Internet")
	}
}

// ownMachine says whether a host is the server's own machine by its form.
func ownMachine(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback() || strings.EqualFold(host, "localhost")
}

// innerNames are the ends of names that are kept for networks' own machines:
// RFC 6761, RFC 6762, RFC 8375 and ICANN's .internal.
var innerNames = []string{".localhost", ".local", ".internal", ".home.arpa", ".onion", ".invalid"}

// public says whether a name may be one of the public Internet's.
func public(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, end := range innerNames {
		if strings.HasSuffix(host, end) {
			return false
		}
	}
	return strings.Contains(host, ".")
}
