#!/bin/sh
# Makes the font subsets in fonts/ anew. Needed only when a paper uses a character that they lack (gen then names it).
#   apt-get install -y fonttools fonts-lmodern fonts-dejavu-core fonts-dejavu-extra fonts-droid-fallback
set -eu
cd "$(dirname "$0")"
lm=/usr/share/texmf/fonts/opentype/public
tt=/usr/share/fonts/truetype
latin='U+20-7E,U+A0-FF,U+107,U+10C,U+10D,U+11B,U+141-144,U+159,U+15B,U+160,U+161,U+17C,U+17E,U+FB00-FB04,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2020,U+2021,U+2022,U+2026'
maths='U+20-7E,U+B1,U+B7,U+D7,U+1D434-1D467,U+210E,U+1D468-1D49B,U+1D6E2-1D71B,U+2016,U+2020,U+2032,U+2022,U+2026,U+2102,U+211D,U+2115,U+1D4D0-1D503,U+1D49C-1D4CF,U+2112,U+2113,U+2130,U+2190-2192,U+21A6,U+21D2,U+2200,U+2202,U+2203,U+2205,U+2207,U+2208,U+220F,U+2211,U+2212,U+2217,U+221A,U+221E,U+2225,U+2229,U+222A,U+222B,U+223C,U+2248,U+2260,U+2261,U+2264,U+2265,U+226A,U+226B,U+2282,U+2286,U+2295,U+2297,U+2299,U+22A4,U+22C5,U+22EF,U+25A1,U+394,U+3A3,U+2016,U+2308-230B,U+27E8,U+27E9'
subset() { # file unicodes [options]
	pyftsubset "$1" --unicodes="$2" --output-file="fonts/$3" --no-hinting --layout-features= --notdef-outline \
		--desubroutinize --drop-tables+=MATH,GSUB,GPOS,GDEF,FFTM,DSIG,kern --name-IDs=0,1,2,13 --no-recalc-timestamp --recalc-bounds
}
mkdir -p fonts
for f in lmroman10-regular lmroman10-bold lmroman10-italic lmmono10-regular; do subset $lm/lm/$f.otf "$latin" $f.otf; done
subset $lm/lm-math/latinmodern-math.otf "$maths" latinmodern-math.otf
subset $tt/dejavu/DejaVuSerif.ttf 'U+20-7E,U+AB,U+BB,U+370-3FF,U+400-45F,U+2013,U+2014,U+2116' DejaVuSerif.ttf
cjk=$(cat papers/*.txt | /usr/bin/python3 -c 'import sys; print(",".join("U+%X" % ord(c) for c in sorted(set(sys.stdin.read())) if "\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef"))')
subset $tt/droid/DroidSansFallbackFull.ttf "U+20,U+3000-3002,$cjk" DroidSansFallback.ttf
