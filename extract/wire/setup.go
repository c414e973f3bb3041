package wire

// Setup is what a worker is told before its first document.
type Setup struct {
	Memory  int64  // bytes it may hold
	Seconds int    // of processor time that one document may take
	Sandbox string // "auto", "required" or "off"
}

// Hello is a worker's answer to its Setup.
type Hello struct {
	Version string   // of MuPDF
	Gaps    []string // what the sandbox does not cover here, in plain words
	Refused string   // why the worker will not work, or ""
}

// WriteSetup sends s.
func (c *Conn) WriteSetup(s Setup) error {
	var e encoder
	e.wide(s.Memory)
	e.number(s.Seconds)
	e.text(s.Sandbox)
	if err := c.write(kindSetup, e); err != nil {
		return err
	}
	return c.Flush()
}

// ReadSetup waits for a Setup. The error is io.EOF if there is none to come.
func (c *Conn) ReadSetup() (Setup, error) {
	_, d, err := c.read(kindSetup)
	if err != nil {
		return Setup{}, err
	}
	s := Setup{Memory: d.wide(1 << 50), Seconds: d.number(maxNumber), Sandbox: d.text(16)}
	return s, d.end()
}

// WriteHello sends h.
func (c *Conn) WriteHello(h Hello) error {
	var e encoder
	e.text(h.Version)
	e.number(len(h.Gaps))
	for _, g := range h.Gaps {
		e.text(g)
	}
	e.text(h.Refused)
	if err := c.write(kindHello, e); err != nil {
		return err
	}
	return c.Flush()
}

// ReadHello waits for a Hello.
func (c *Conn) ReadHello() (Hello, error) {
	_, d, err := c.read(kindHello)
	if err != nil {
		return Hello{}, err
	}
	h := Hello{Version: d.text(64)}
	for n := d.number(maxGaps); n > 0 && d.err == nil; n-- {
		h.Gaps = append(h.Gaps, d.text(maxWord))
	}
	h.Refused = d.text(maxWord)
	return h, d.end()
}
