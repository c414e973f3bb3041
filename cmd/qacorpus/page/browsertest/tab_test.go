//go:build heavy

package browsertest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a page in the browser. Whatever the browser complains of fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex // guards what follows
	complaints []string
	expected   []string // parts of complaints that are right
	outside    []string // requests to anywhere but here
}

// look is how the page is looked at.
type look struct {
	width, height int64
	dark          bool
}

func (l look) String() string {
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	return fmt.Sprintf("%s-%d", scheme, l.width)
}

// wide is a usual window.
var wide = look{width: 1280, height: 860}

func open(t *testing.T, address string, l look) *tab {
	t.Helper()
	ctx, end := chromedp.NewContext(browser)
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	b := &tab{t: t, ctx: ctx}
	t.Cleanup(func() {
		cancel()
		end()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, c := range b.complaints {
			if !slices.ContainsFunc(b.expected, func(part string) bool { return strings.Contains(c, part) }) {
				t.Errorf("the browser complains: %s", c)
			}
		}
		for _, o := range b.outside {
			t.Errorf("the page asked for %s", o)
		}
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, func(event any) { b.listen(event, "http://"+u.Host) }); err != nil {
		t.Fatal(err)
	}
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	b.do(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
		size := emulation.SetDeviceMetricsOverrideParams{Width: l.width, Height: l.height, DeviceScaleFactor: 1, Mobile: l.width < 600}
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		_, err1 := cdp.Call(ctx, target, log.Enable, cdp.Empty{})
		_, err2 := cdp.Call(ctx, target, runtime.Enable, cdp.Empty{})
		_, err3 := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media)
		_, err4 := cdp.Call(ctx, target, emulation.SetDeviceMetricsOverride, size)
		return chromedp.Void{}, errors.Join(err, err1, err2, err3, err4)
	}, chromedp.Navigate(address))
	return b
}

// listen notes what must not happen.
func (b *tab) listen(event any, origin string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, fmt.Sprintf("console: %v", e.Args))
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, fmt.Sprintf("%s %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *network.EventRequestWillBeSent:
		if origin != "http://" && !strings.HasPrefix(e.Request.URL, origin+"/") {
			b.outside = append(b.outside, e.Request.URL)
		}
	}
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// wait waits until the expression is true, over changes of the page.
func (b *tab) wait(expression string) {
	b.t.Helper()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-poll.C {
		yes, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if yes && err == nil {
			return
		}
		last = err
	}
	seen, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`)) // for the message alone
	b.t.Fatalf("waiting for %s: %v; the page says\n%s", expression, last, seen)
}

// eval evaluates an expression.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// complains says that a complaint with that part is right.
func (b *tab) complains(part string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expected = append(b.expected, part)
}

// settled waits until every file was looked at and the stream of events is open.
func (b *tab) settled() {
	b.t.Helper()
	b.wait(`document.getElementById("live-text").textContent === "Live" && !document.querySelector(".working, .status.waiting")`)
}

// picture leaves a picture, where they are wanted.
func (b *tab) picture(name string) {
	b.t.Helper()
	if *pictures == "" {
		return
	}
	b.wait(`[...document.images].every(i => i.complete)`)
	data, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		data, err = compress(data)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// press presses keys, as "/" or "Enter".
func (b *tab) press(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// slash presses / as a person does: what it types depends on what the page makes of
// the key, which the events of press do not heed.
func (b *tab) slash() {
	b.t.Helper()
	b.do(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "/", Code: "Slash", Text: "/", WindowsVirtualKeyCode: 191}
		_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, key)
		key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
		_, err1 := cdp.Call(ctx, target, input.DispatchKeyEvent, key)
		return chromedp.Void{}, errors.Join(err, err1)
	})
}
