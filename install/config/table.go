// The table of keys: every setting's name, default, range and description, and
// the field of Config or Folder it fills. The rest of the package is driven by it.

package config

import (
	"strings"
	"time"
)

// key is one setting.
type key struct {
	name      string   // as in the file, section and all
	def       string   // the default, written as TOML; "" means unset
	allowed   []string // the words it may be; nil where any text goes
	min, max  int64    // for numbers, sizes (bytes) and durations (nanoseconds)
	perFolder bool     // may stand in a [[folder]] too
	secret    bool     // not shown by `qacorpus config`
	doc       string   // plain words for the file and the reference
	field     func(*Config, *Folder) any
}

// env is the variable that sets the key: QACORPUS_ and the key in capitals.
func (k key) env() string {
	return "QACORPUS_" + strings.ToUpper(strings.ReplaceAll(k.name, ".", "_"))
}

const (
	mib     = 1 << 20
	tib     = 1 << 40
	maximum = 1 << 30 // for counts, so that no arithmetic overflows
)

// keys returns the table, in the order in which the file and the reference show it.
func keys() []key {
	var all []key
	all = append(all, stateKeys()...)
	all = append(all, previewKeys()...)
	all = append(all, extractKeys()...)
	all = append(all, qaKeys()...)
	all = append(all, watchKeys()...)
	return append(all, otherKeys()...)
}

func stateKeys() []key {
	return []key{
		{name: "state", def: `""`,
			doc:   "Folder for the cache and the history. Empty means the system's own: $XDG_STATE_HOME/qacorpus for a person, /var/lib/qacorpus for a system service.",
			field: func(c *Config, _ *Folder) any { return &c.State }},
	}
}

func previewKeys() []key {
	return []key{
		{name: "preview.pages", def: "4", max: maximum, perFolder: true,
			doc:   "How many pages of a PDF its preview shows; 0 is all.",
			field: func(_ *Config, f *Folder) any { return &f.Preview.Pages }},
		{name: "preview.ligatures", def: `"keep"`, allowed: []string{"keep", "expand"}, perFolder: true,
			doc:   `Whether ligatures such as "fi" set as one character stay so (keep) or become letters (expand).`,
			field: func(_ *Config, f *Folder) any { return &f.Preview.Ligatures }},
		{name: "preview.passwords", def: "[]", perFolder: true, secret: true,
			doc:   "Passwords to try on encrypted PDFs, after the empty one. Keep the file private if you use this.",
			field: func(_ *Config, f *Folder) any { return &f.Preview.Passwords }},
	}
}

func extractKeys() []key {
	return []key{
		{name: "extract.timeout", def: `"60s"`, min: int64(time.Second), max: int64(24 * time.Hour),
			doc:   "How long one PDF may take before it is given up.",
			field: func(c *Config, _ *Folder) any { return &c.Extract.Timeout }},
		{name: "extract.workers", def: "2", max: 256,
			doc:   "How many PDFs are read at the same time; 0 is one per core.",
			field: func(c *Config, _ *Folder) any { return &c.Extract.Workers }},
		{name: "extract.memory", def: `"512MiB"`, min: 128 * mib, max: tib,
			doc:   "How much memory one PDF may take.",
			field: func(c *Config, _ *Folder) any { return size{&c.Extract.Memory} }},
		{name: "extract.max_size", def: `"1GiB"`, min: 1, max: 64 * tib,
			doc:   "A PDF larger than this is not opened; its preview says too-large.",
			field: func(c *Config, _ *Folder) any { return size{&c.Extract.MaxSize} }},
		{name: "extract.sandbox", def: `"auto"`, allowed: []string{"auto", "required", "off"},
			doc:   "Whether PDFs are read in a process without files and network: as far as the system can (auto), or not at all unless it can (required).",
			field: func(c *Config, _ *Folder) any { return &c.Extract.Sandbox }},
		{name: "extract.ocr", def: `"off"`, allowed: []string{"off", "auto"},
			doc:   "Whether pages without text are put through a text recogniser, where one is installed.",
			field: func(c *Config, _ *Folder) any { return &c.Extract.OCR }},
	}
}

func qaKeys() []key {
	return []key{
		{name: "qa.normalise", def: `"when-safe"`, allowed: []string{"when-safe", "always", "never"}, perFolder: true,
			doc:   "Whether QA files are brought into the canonical form in place: when nobody's edit can be lost (when-safe; also true), always, or never (also false), where they are only checked.",
			field: func(_ *Config, f *Folder) any { return &f.QA.Normalise }},
		{name: "qa.convert", def: `"all"`, allowed: []string{"all", "keys", "none"}, perFolder: true,
			doc:   "What is converted: other tools' shapes and key names (all), key names only (keys), or nothing (none).",
			field: func(_ *Config, f *Folder) any { return &f.QA.Convert }},
		{name: "qa.shape", def: `"keep"`, allowed: []string{"keep", "paper"}, perFolder: true,
			doc:   `Whether a bare list of pairs stays one (keep) or is wrapped as {"qa_pairs": […]} (paper).`,
			field: func(_ *Config, f *Folder) any { return &f.QA.Shape }},
		{name: "qa.indent", def: "2", min: 1, max: 8, perFolder: true,
			doc:   "Spaces by which a QA file is indented.",
			field: func(_ *Config, f *Folder) any { return &f.QA.Indent }},
		{name: "qa.ascii", perFolder: true,
			doc:   "Whether other characters than ASCII are written as \\u escapes. Unset: as each file already has it.",
			field: func(_ *Config, f *Folder) any { return &f.QA.ASCII }},
		{name: "qa.max_size", def: `"64MiB"`, min: 1, max: 4 << 30, perFolder: true,
			doc:   "A QA file larger than this is reported (QA_TOO_BIG) and not read.",
			field: func(_ *Config, f *Folder) any { return size{&f.QA.MaxSize} }},
		{name: "qa.report", def: `"error"`, allowed: []string{"error", "warning"}, perFolder: true,
			doc:   "From which severity on a problems file is written beside a QA file.",
			field: func(_ *Config, f *Folder) any { return &f.QA.Report }},
	}
}

func watchKeys() []key {
	return []key{
		{name: "watch.poll", def: `"auto"`, allowed: []string{"auto", "always", "never"}, perFolder: true,
			doc:   "Whether folders are polled instead of relying on the system's events: where events are known to be missing (auto), always, or never.",
			field: func(_ *Config, f *Folder) any { return &f.Watch.Poll }},
		{name: "watch.poll_interval", def: `"2s"`, min: int64(100 * time.Millisecond), max: int64(24 * time.Hour), perFolder: true,
			doc:   "How often a polled folder is looked at. The default is 2 s while things change; later names are looked at every 5 s, and everything every 5 to 60 s, as it costs little or much. Any other value is kept to.",
			field: func(_ *Config, f *Folder) any { return &f.Watch.PollInterval }},
		{name: "watch.rescan", def: `"5m"`, min: int64(time.Second), max: int64(7 * 24 * time.Hour), perFolder: true,
			doc:   "How often a folder is gone through in full, whatever events came.",
			field: func(_ *Config, f *Folder) any { return &f.Watch.Rescan }},
		{name: "watch.online_only", def: `"skip"`, allowed: []string{"skip", "fetch"}, perFolder: true,
			doc:   "Whether files that a cloud client keeps online only are left there (skip) or downloaded (fetch).",
			field: func(_ *Config, f *Folder) any { return &f.Watch.OnlineOnly }},
	}
}

func otherKeys() []key {
	return []key{
		{name: "history.keep", def: "50", min: 1, max: maximum,
			doc:   "How many earlier versions of each QA file are kept. The first original is always kept.",
			field: func(c *Config, _ *Folder) any { return &c.History.Keep }},
		{name: "history.days", def: "90", max: 36500,
			doc:   "For how many days earlier versions are kept; 0 is for ever.",
			field: func(c *Config, _ *Folder) any { return &c.History.Days }},
		{name: "log.level", def: `"info"`, allowed: []string{"debug", "info", "warn", "error"},
			doc:   "What is logged: everything from this severity on.",
			field: func(c *Config, _ *Folder) any { return &c.Log.Level }},
		{name: "log.format", def: `"auto"`, allowed: []string{"auto", "text", "json"},
			doc:   "How log lines look; auto is coloured on a terminal and plain text elsewhere.",
			field: func(c *Config, _ *Folder) any { return &c.Log.Format }},
		{name: "hooks.on_change", def: "[]",
			doc:   `Command to run after a change, as a list: ["command", "{path}"]; {path} becomes the file's name. No shell is involved.`,
			field: func(c *Config, _ *Folder) any { return &c.Hooks.OnChange }},
	}
}
