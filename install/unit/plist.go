// The launchd property list.

package unit

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// Label is the service's name with launchd.
const Label = "qacorpus"

// Plist returns the property list of launchd.plist(5). It restarts the daemon
// when it ends in any way but by launchd's own stop, and not more often than
// every ten seconds, which is launchd's own limit.
func Plist(s Service) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` +
		"\n<plist version=\"1.0\">\n<dict>\n")
	entry := func(key, value string) { fmt.Fprintf(&b, "\t<key>%s</key>\n\t%s\n", key, value) }
	entry("Label", text(Label))
	words := make([]string, 0, 1+len(s.Args))
	for _, arg := range append([]string{s.Program}, s.Args...) {
		words = append(words, "\t\t"+text(arg)+"\n")
	}
	entry("ProgramArguments", "<array>\n"+strings.Join(words, "")+"\t</array>")
	if len(s.Env) > 0 {
		var env strings.Builder
		for _, pair := range s.Env {
			name, value, _ := strings.Cut(pair, "=")
			fmt.Fprintf(&env, "\t\t<key>%s</key>\n\t\t%s\n", escape(name), text(value))
		}
		entry("EnvironmentVariables", "<dict>\n"+env.String()+"\t</dict>")
	}
	if !s.User {
		entry("UserName", text(s.As))
		entry("GroupName", text(s.Group))
	}
	entry("RunAtLoad", "<true/>")
	entry("KeepAlive", "<true/>")
	entry("ProcessType", text("Background"))
	entry("LowPriorityIO", "<true/>")
	entry("Nice", "<integer>10</integer>")
	entry("ExitTimeOut", "<integer>30</integer>")
	entry("Umask", "<integer>18</integer>") // 022
	if s.LogFile != "" {
		entry("StandardOutPath", text(s.LogFile))
		entry("StandardErrorPath", text(s.LogFile))
	}
	b.WriteString("</dict>\n</plist>\n")
	return b.Bytes(), nil
}

func text(s string) string { return "<string>" + escape(s) + "</string>" }

// escape writes character data; the writer never fails, being a buffer.
func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
