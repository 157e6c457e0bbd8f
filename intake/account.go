package intake

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"outcry"
)

// The bounds of an account.
const (
	maxEmail    = 254 // bytes, RFC 5321
	maxName     = 120 // characters
	minPassword = 10  // characters
	maxPassword = 200
	// maxPasswordBytes is the longest that maxPassword characters can be.
	maxPasswordBytes = maxPassword * utf8.UTFMax
	maxLocale        = 35 // bytes, RFC 5646
)

// defaultLocale is that of a member who does not say.
const defaultLocale = "en"

// checkEmail gives the address without space around it, and notes what is wrong
// with it.
func checkEmail(c *outcry.Complaints, email string) string {
	email = strings.TrimSpace(email)
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > maxEmail || !utf8.ValidString(email) ||
		strings.ContainsAny(email, " \"<>()[],;:\\") || strings.ContainsFunc(email, unicode.IsControl) {
		c.Add("body.email", "write an email address of at most %d bytes, for example ada@example.org", maxEmail)
	}
	return email
}

func checkPassword(c *outcry.Complaints, password string) {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword || !utf8.ValidString(password) {
		c.Add("body.password", "write %d to %d characters", minPassword, maxPassword)
	}
}

// checkName gives the name without space around it, and notes what is wrong
// with it.
func checkName(c *outcry.Complaints, name string) string {
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || !plain(name) {
		c.Add("body.name", "write 1 to %d characters on one line", maxName)
	}
	return name
}

// checkLocale gives the language in its canonical form, the default for "".
func checkLocale(c *outcry.Complaints, locale string) string {
	if locale == "" {
		return defaultLocale
	}
	if tag, ok := parseLanguage(locale); ok {
		return tag
	}
	c.Add("body.locale", "write a language tag (BCP 47), for example en, ko or pt-BR")
	return ""
}

// parseLanguage gives the canonical form of a BCP 47 tag of a known language.
func parseLanguage(s string) (string, bool) {
	if len(s) > maxLocale {
		return "", false
	}
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		return "", false
	}
	return tag.String(), true
}

// plain says whether s is UTF-8 on one line.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl) }

// prose says whether s is UTF-8 that may have lines and tabs.
func prose(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}
