//go:build heavy

package browsertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// looks are the windows that the page is looked at in.
var looks = []look{
	{width: 1280, height: 860}, {width: 1280, height: 860, dark: true},
	{width: 380, height: 800}, {width: 380, height: 800, dark: true},
	{width: 840, height: 900}, {width: 2200, height: 1100},
}

// paperNamed is the address of a paper's page.
func paperNamed(b *tab, name string) string {
	b.t.Helper()
	return eval[string](b, `[...document.querySelectorAll(".papers .open")].find(a => a.textContent === "`+name+`").href`)
}

// TestLooks looks at every kind of page in every window.
func TestLooks(t *testing.T) {
	s := serve(t, func(folder string) {
		sync := exec.Command(program, "sync", folder)
		sync.Env = []string{"HOME=" + filepath.Dir(folder), "PATH=" + os.Getenv("PATH")}
		if out, err := sync.CombinedOutput(); err != nil {
			t.Fatalf("sync: %v: %s", err, out)
		}
	})
	first := open(t, s.url+"/", wide)
	first.settled()
	pages := map[string]string{"list": s.url + "/"}
	for key, name := range map[string]string{
		"paper": "AdaRank.pdf", "broken": "2024/Quantised_Adapters.PDF", "scan": "Scanned_Memo.pdf", "locked": "Confidential_Review_Copy.pdf",
	} {
		pages[key] = paperNamed(first, name)
	}
	for name, address := range pages {
		for _, l := range looks {
			t.Run(name+"-"+l.String(), func(t *testing.T) {
				b := open(t, address, l)
				b.settled()
				b.picture(name + "-" + l.String())
				b.fits()
				b.readable()
				b.named()
			})
		}
	}
}

// fits checks that nothing makes the page scroll sideways.
func (b *tab) fits() {
	b.t.Helper()
	for _, e := range eval[[]string](b, `(() => {
		const w = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= w) return [];
		return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > w + 0.5 && !e.closest(".unseen"))
			.map(e => e.outerHTML.slice(0, 120)).concat("the page is " + document.documentElement.scrollWidth + " wide, the window " + w);
	})()`) {
		b.t.Errorf("wider than the window: %s", e)
	}
}
