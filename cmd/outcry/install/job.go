package install

import (
	"encoding/xml"
	"maps"
	"slices"
	"strings"
)

// Job is the launchd job of a plan: started with its user's session or the
// machine, and again where it fails. What it prints goes to the files of its log.
func Job(p Plan) string {
	var b strings.Builder
	b.WriteString(xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n")
	b.WriteString("<plist version=\"1.0\">\n<dict>\n")
	key := func(name, value string) { b.WriteString("\t<key>" + name + "</key>\n\t" + value + "\n") }
	key("Label", element("string", p.Name))
	key("ProgramArguments", "<array>")
	for _, a := range append([]string{p.Program}, p.Args...) {
		b.WriteString("\t\t" + element("string", a) + "\n")
	}
	b.WriteString("\t</array>\n")
	if p.Scope == ForSystem {
		key("UserName", element("string", p.Account.Name))
	}
	if len(p.Env) > 0 {
		key("EnvironmentVariables", "<dict>")
		for _, k := range slices.Sorted(maps.Keys(p.Env)) {
			b.WriteString("\t\t" + element("key", k) + element("string", p.Env[k]) + "\n")
		}
		b.WriteString("\t</dict>\n")
	}
	key("RunAtLoad", "<true/>")
	key("KeepAlive", "<dict><key>SuccessfulExit</key><false/></dict>")
	key("ThrottleInterval", "<integer>10</integer>")
	key("Umask", "<integer>63</integer>") // 0077
	log := logFile(Launchd, p.Name, p.Scope, p.Account.Home)
	key("StandardOutPath", element("string", log))
	key("StandardErrorPath", element("string", log))
	b.WriteString("</dict>\n</plist>\n")
	return b.String()
}

// element is a text within an element of XML.
func element(name, text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // to memory, which cannot fail
	return "<" + name + ">" + b.String() + "</" + name + ">"
}
