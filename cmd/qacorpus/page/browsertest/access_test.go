//go:build heavy

package browsertest

// readable checks the contrast of every piece of text with what is behind it, by
// https://www.w3.org/TR/WCAG22/#contrast-minimum: 4.5, and 3 for large text.
func (b *tab) readable() {
	b.t.Helper()
	for _, e := range eval[[]string](b, `(() => {
		const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
		const parse = (c) => {
			canvas.clearRect(0, 0, 1, 1);
			canvas.fillStyle = c;
			canvas.fillRect(0, 0, 1, 1);
			return [...canvas.getImageData(0, 0, 1, 1).data];
		};
		const luminance = (c) => {
			const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
			return 0.2126 * r + 0.7152 * g + 0.0722 * b;
		};
		const behind = (e) => {
			for (; e; e = e.parentElement) {
				const c = parse(getComputedStyle(e).backgroundColor);
				if (c[3] === 255) return c;
				if (c[3] > 0) return null;
			}
			return [255, 255, 255, 255];
		};
		const bad = [];
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let n; (n = walker.nextNode());) {
			const e = n.parentElement;
			if (!n.nodeValue.trim() || !e.checkVisibility() || e.closest(".unseen, .skip, script, option")) continue;
			const style = getComputedStyle(e);
			const fore = parse(style.color), back = behind(e);
			if (!back || fore[3] !== 255) { bad.push("not opaque: " + e.outerHTML.slice(0, 100)); continue; }
			const [x, y] = [luminance(fore), luminance(back)].sort((a, b) => b - a);
			const ratio = (x + 0.05) / (y + 0.05);
			const size = parseFloat(style.fontSize);
			const large = size >= 24 || size >= 18.66 && +style.fontWeight >= 700;
			if (ratio < (large ? 3 : 4.5)) bad.push(ratio.toFixed(2) + ": " + e.outerHTML.slice(0, 100));
		}
		return [...new Set(bad)];
	})()`) {
		b.t.Errorf("contrast %s", e)
	}
}

// named checks by hand what axe and its like do: a language and a title, one h1, no
// level of headings left out, landmarks, names of everything that can be operated,
// targets of 24 pixels (or in a line of text), unique ids, lists and tables that are
// whole.
func (b *tab) named() {
	b.t.Helper()
	for _, e := range eval[[]string](b, `(() => {
		const bad = [];
		const say = (what, e) => bad.push(what + (e ? ": " + e.outerHTML.slice(0, 140) : ""));
		const all = (s) => [...document.querySelectorAll(s)];
		if (document.documentElement.lang !== "en") say("no language");
		if (!document.title.includes("qacorpus")) say("no title");
		for (const s of ["h1", "main", "header", "[role=status]"]) if (!document.querySelector(s)) say("no " + s);
		if (all("h1").length !== 1 || all("main").length !== 1) say("more than one h1 or main");
		let level = 0;
		for (const h of all("h1, h2, h3, h4, h5, h6")) {
			const n = +h.nodeName[1];
			if (n > level + 1) say("heading leaves a level out", h);
			if (!h.textContent.trim()) say("empty heading", h);
			level = n;
		}
		const ids = all("[id]").map(e => e.id);
		for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) say("id twice: " + id);
		const name = (e) => (e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean)
			.map(id => document.getElementById(id)?.textContent || "").join(" ") || e.labels?.[0]?.textContent || e.textContent || "").trim();
		for (const e of all("a, button, input, select, summary, [tabindex='0'], nav, section, [role=search]"))
			if (!name(e)) say("no name", e);
		for (const e of all("a[href^='#']")) if (!document.getElementById(e.getAttribute("href").slice(1))) say("leads nowhere", e);
		for (const e of all("nav")) if (!e.getAttribute("aria-label")) say("unnamed nav", e);
		for (const e of all("img")) if (!e.hasAttribute("alt")) say("no alt", e);
		for (const e of all("svg")) if (e.getAttribute("aria-hidden") !== "true" && !e.getAttribute("aria-label")) say("svg without a name", e);
		for (const e of all("ul > *, ol > *")) if (e.nodeName !== "LI") say("not a list item", e);
		for (const e of all("table")) if (!e.caption || [...e.tHead.rows[0].cells].some(c => c.scope !== "col" || !c.textContent.trim())) say("table", e);
		for (const r of all("tbody tr")) if (r.cells.length !== r.closest("table").tHead.rows[0].cells.length) say("cells missing", r);
		for (const e of all("[tabindex]")) if (e.tabIndex > 0) say("order of its own", e);
		for (const e of all("button, select, input, .strip a, .pager a, summary")) {
			const r = e.getBoundingClientRect();
			const label = e.closest("label")?.getBoundingClientRect();
			if (e.checkVisibility() && Math.max(r.height, label?.height || 0) < 24) say("small target", e);
		}
		return bad;
	})()`) {
		b.t.Error(e)
	}
}
