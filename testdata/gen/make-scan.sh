#!/bin/sh
# Renders the memo into scan/memo-N.png, one bit a dot, from which gen makes Scanned_Memo.pdf. Needed only when papers/memo.txt changes.
#   apt-get install -y mupdf-tools netpbm
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
go run ./testdata/gen -scan-source "$work/memo.pdf"
mutool draw -q -r 130 -c gray -o "$work/memo-%d.pgm" "$work/memo.pdf" 2>/dev/null
rm -f testdata/gen/scan/*.png
for f in "$work"/memo-*.pgm; do
	pgmtopbm -threshold "$f" | pnmtopng -compression 9 >"testdata/gen/scan/$(basename "$f" .pgm).png"
done
rm -r "$work"
