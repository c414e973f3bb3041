//go:build heavy

package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// rows counts the papers in the table.
const rows = `document.querySelectorAll(".papers tbody tr").length`

// TestFilter types into the filter; the table and the address follow.
func TestFilter(t *testing.T) {
	s := serve(t, nil)
	b := open(t, s.url+"/", wide)
	b.settled()
	b.wait(rows + ` === 10`)
	b.do(chromedp.SendKeys("#q", "adapters quant"))
	b.wait(rows + ` === 1 && location.search === "?q=adapters+quant" && document.getElementById("summary").textContent.startsWith("1 of 10 papers")`)
	b.wait(`document.activeElement.id === "q"`)
	b.do(chromedp.Focus("input[name=without]"))
	b.slash() // selects the text
	b.press(kb.Backspace)
	b.wait(rows + ` === 10 && location.search === ""`)
	b.do(chromedp.Click("input[name=problems]"))
	b.wait(rows + ` === 5 && [...document.querySelectorAll(".papers tbody tr")].every(r => r.querySelector(".bad, .warn, .note"))`)
	b.do(chromedp.Click("input[name=without]"))
	b.wait(rows + ` === 4 && location.search === "?without=1&problems=1"`)
	b.picture("filtered")
	b.do(chromedp.Click(".clear"))
	b.settled()
	b.do(chromedp.SetValue("#status", "encrypted"), chromedp.Evaluate[chromedp.Void](`document.getElementById("status").dispatchEvent(new Event("input", {bubbles: true}))`))
	b.wait(rows + ` === 1 && document.querySelector(".open").textContent === "Confidential_Review_Copy.pdf"`)
	b.do(chromedp.Reload())
	b.wait(rows + ` === 1 && document.getElementById("status").value === "encrypted"`)
	b.do(chromedp.SendKeys("#q", "zzz"))
	b.wait(`document.querySelector(".empty")?.textContent.startsWith("No paper is like that")`)
}

// TestWithoutScript uses the page with scripts turned off.
func TestWithoutScript(t *testing.T) {
	s := serve(t, nil)
	first := open(t, s.url+"/", wide)
	first.settled()
	b := open(t, "about:blank", wide)
	b.do(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	}, chromedp.Navigate(s.url+"/"))
	b.do(chromedp.SendKeys("#q", "adarank"+kb.Enter), chromedp.WaitVisible(".clear"))
	html, err := chromedp.Run(b.ctx, chromedp.OuterHTML("#content"))
	if err != nil || strings.Count(html, "<tr") != 2 || !strings.Contains(html, "AdaRank.pdf") {
		t.Errorf("%v: %s", err, html)
	}
	b.do(chromedp.Click(".open"), chromedp.WaitVisible("#page-1"), chromedp.Click("#q5 .origin a"), chromedp.WaitVisible("mark#s5"))
}

// TestKeyboard goes through the page without a mouse.
func TestKeyboard(t *testing.T) {
	s := serve(t, nil)
	b := open(t, s.url+"/", wide)
	b.settled()
	b.press(kb.Tab)
	b.wait(`document.activeElement.className === "skip" && document.activeElement.getBoundingClientRect().top >= 0`)
	b.picture("skip")
	b.press(kb.Enter)
	b.wait(`location.hash === "#main"`)
	b.press(kb.Tab)
	b.wait(`document.activeElement.id === "q"`)
	b.slash()
	b.wait(`document.getElementById("q").value === "/"`)
	b.press(kb.Backspace)
	b.wait(`location.search === ""`)
	b.settled()
	b.press(kb.ArrowDown)
	b.wait(`document.activeElement.textContent === "2024/Quantised_Adapters.PDF"`)
	b.press("j")
	b.wait(`document.activeElement.textContent === "AdaRank.pdf"`)
	b.press(kb.ArrowDown + "k")
	b.wait(`document.activeElement.textContent === "AdaRank.pdf"`)
	b.picture("focus")
	if outline := eval[string](b, `getComputedStyle(document.activeElement, "::after").outlineStyle`); outline != "solid" {
		t.Errorf("the row in focus has the outline %q", outline)
	}
	b.slash()
	b.wait(`document.activeElement.id === "q"`)
	b.press(kb.ArrowDown + kb.ArrowDown + kb.Enter)
	b.wait(`location.pathname.startsWith("/paper/")`)
	b.settled()
	// Everything that can be operated is reached by Tab, and shows it.
	reached := eval[int](b, `document.querySelectorAll("main a, main summary, main [tabindex='0']").length`)
	for range reached + 5 {
		b.press(kb.Tab)
		if dark := eval[string](b, `(() => {
			const e = document.activeElement;
			e.dataset.reached = "1";
			const s = getComputedStyle(e);
			return e === document.body || s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 ? "" : e.outerHTML.slice(0, 120);
		})()`); dark != "" {
			t.Errorf("focus does not show on %s", dark)
		}
	}
	if missed := eval[[]string](b, `[...document.querySelectorAll("main a, main summary, main [tabindex='0']")].filter(e => !e.dataset.reached).map(e => e.outerHTML.slice(0, 120))`); len(missed) > 0 {
		t.Errorf("not reached by Tab: %q", missed)
	}
}

// TestPassages follows a question to its passage and back.
func TestPassages(t *testing.T) {
	s := serve(t, nil)
	first := open(t, s.url+"/", wide)
	first.settled()
	b := open(t, paperNamed(first, "AdaRank.pdf"), wide)
	b.settled()
	b.wait(`document.querySelectorAll(".pair.found").length === 9`)
	b.do(chromedp.Click("#q6 .origin a"))
	b.wait(`(() => {
		const mark = document.getElementById("s6"), r = mark.getBoundingClientRect();
		return r.top >= 0 && r.bottom <= innerHeight && mark.matches(":target") && getComputedStyle(mark).backgroundColor !== getComputedStyle(document.querySelector("mark:not(:target)")).backgroundColor;
	})()`)
	b.picture("passage")
	b.wait(`(() => { const r = document.querySelector("#q6").getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight; })()`)
	b.do(chromedp.Click(".words .ref[href='#q6']"))
	b.wait(`document.getElementById("q6").matches(":target")`)
	if text := eval[string](b, `[...document.querySelectorAll(".by-q1")].map(m => m.innerText).join("")`); !strings.Contains(text, "84.1") {
		t.Errorf("the passage of the first question is %q", text)
	}
	for _, l := range looks[:4] {
		broken := open(t, paperNamed(first, "2024/Quantised_Adapters.PDF"), l)
		broken.settled()
		broken.wait(`document.querySelector(".problem.error code").textContent === "QA_SYNTAX" && document.querySelector(".fault").textContent === '"'`)
	}
}

// TestLive changes files; the pages follow by themselves and lose no place.
func TestLive(t *testing.T) {
	s := serve(t, nil)
	list := open(t, s.url+"/", wide)
	list.settled()
	list.do(chromedp.Focus(".papers tbody tr:nth-child(2) .open"), chromedp.Evaluate[chromedp.Void](`window.same = document.activeElement`))
	paper := open(t, paperNamed(list, "Scanned_Memo.pdf"), wide)
	paper.settled()
	paper.wait(`document.querySelector(".questions .empty")`)
	put := func(name, text string) {
		t.Helper()
		path := filepath.Join(s.folder, name)
		s.own[path] = true
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("Scanned_Memo.json", `[{"question": "What does the memo say?", "answer": "Nothing that can be read."}]`)
	paper.wait(`document.querySelector(".pair h4")?.textContent.includes("What does the memo say?")`)
	list.wait(`[...document.querySelectorAll(".papers tbody tr")].find(r => r.textContent.includes("Scanned_Memo")).querySelector(".pairs").textContent.startsWith("1")`)
	list.wait(`document.activeElement === window.same && document.activeElement.isConnected`)
	list.wait(`document.getElementById("news").textContent !== ""`)
	// Mended by a person: the error goes, and the page with it.
	broken := open(t, paperNamed(list, "2024/Quantised_Adapters.PDF"), wide)
	broken.settled()
	broken.wait(`document.querySelector(".problem.error")`)
	put("2024/Quantised_Adapters.json", `[{"question": "How far does memory fall?", "answer": "From 9.6 to 3.9 gigabytes."}]`)
	broken.wait(`!document.querySelector(".problem.error") && document.querySelector(".pair.found")`)
	// A new paper, and one that goes.
	data, err := os.ReadFile(filepath.Join(s.folder, "AdaRank.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	hostile := "new-<img src=x onerror=alert(1)>\n\xff.pdf"
	put(hostile, string(data))
	list.wait(rows + ` === 11 && [...document.querySelectorAll(".open")].some(a => a.textContent === "new-<img src=x onerror=alert(1)>\\n\\xff.pdf")`)
	added := open(t, eval[string](list, `[...document.querySelectorAll(".open")].find(a => a.textContent.startsWith("new-")).href`), wide)
	added.settled()
	added.fits()
	added.named()
	if err := os.Remove(filepath.Join(s.folder, hostile)); err != nil {
		t.Fatal(err)
	}
	list.wait(rows + ` === 10`)
	added.complains(`404`)
	added.wait(`document.querySelector("h1").textContent === "Not Found"`)
}

// TestOtherOrigins asks for the page under its other name, and from elsewhere.
func TestOtherOrigins(t *testing.T) {
	s := serve(t, nil)
	b := open(t, strings.Replace(s.url, "127.0.0.1", "localhost", 1)+"/", wide)
	b.settled()
	// Another origin of this machine can neither read nor embed what is here.
	other := open(t, "about:blank", wide)
	other.complains("")
	if got := eval[string](other, `new Promise(done => {
		const i = new Image();
		i.onload = () => done("a picture");
		i.onerror = () => fetch("`+s.url+`/").then(() => done("an answer"), () => done("nothing"));
		i.src = "`+s.url+`/static/icon.svg";
	})`); got != "nothing" {
		t.Errorf("another origin gets %s", got)
	}
}
