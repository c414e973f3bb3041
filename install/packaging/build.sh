#!/bin/sh
# Builds what is given out into a folder: build.sh VERSION OS ARCH OUT. For linux
# that is a .deb, an .rpm and a .tar.gz, for darwin a .tar.gz, for windows a .zip;
# and a bill of materials (CycloneDX) beside them. Another system than this one
# needs its C compiler: Debian's gcc-aarch64-linux-gnu and gcc-mingw-w64-x86-64
# are found; for darwin, build on a Mac.
#
# The same source gives the same bytes, whenever and wherever it is built with the
# same Go and C compilers: no paths (-trimpath), no time but SOURCE_DATE_EPOCH, which
# is the last commit's unless it is set. The program takes its version from the
# checkout's tag, so tag it vVERSION first. REBUILD=1 in the environment compiles the
# program anew, whatever is in Go's cache.
set -eu
[ $# = 4 ] || { echo "usage: $0 VERSION OS ARCH OUT" >&2; exit 2; }
VERSION=$1 OS=$2 ARCH=$3
mkdir -p "$4"
OUT=$(cd "$4" && pwd)
cd "$(dirname "$0")"
TOP=$(cd ../.. && pwd)
: "${SOURCE_DATE_EPOCH:=$(git -C "$TOP" log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
STAGE=$WORK/qacorpus-$VERSION NAME=qacorpus_${VERSION}_${OS}_$ARCH
mkdir "$STAGE" "$STAGE/completions" "$STAGE/man"

# date at SOURCE_DATE_EPOCH, by GNU's date or by BSD's
at() { date -u -d "@$SOURCE_DATE_EPOCH" "$1" 2>/dev/null || date -u -r "$SOURCE_DATE_EPOCH" "$1"; }

PROGRAM=qacorpus LDFLAGS='-s -w -buildid=' CROSS=
case $OS-$ARCH in
linux-arm64) [ "$(go env GOHOSTARCH)" = arm64 ] || CROSS=${CC:-aarch64-linux-gnu-gcc} ;;
windows-amd64)
	CROSS=${CC:-x86_64-w64-mingw32-gcc}
	PROGRAM=qacorpus.exe LDFLAGS="$LDFLAGS -extldflags=-Wl,--no-insert-timestamp"
	;;
esac
[ -z "$CROSS" ] || unset CC # what is built below runs on this machine
(cd "$TOP" && env ${CROSS:+"CC=$CROSS"} CGO_ENABLED=1 GOOS="$OS" GOARCH="$ARCH" go build ${REBUILD:+-a} -trimpath -ldflags="$LDFLAGS" -o "$STAGE/$PROGRAM" ./cmd/qacorpus)

# The texts are the same on every machine; a program for another one cannot tell them.
HERE=$STAGE/$PROGRAM
if [ "$OS-$ARCH" != "$(go env GOHOSTOS)-$(go env GOHOSTARCH)" ]; then
	HERE=$WORK/here
	(cd "$TOP" && go build -trimpath -o "$HERE" ./cmd/qacorpus)
fi
"$HERE" completion bash >"$STAGE/completions/qacorpus.bash"
"$HERE" completion zsh >"$STAGE/completions/_qacorpus"
"$HERE" completion fish >"$STAGE/completions/qacorpus.fish"
"$HERE" completion powershell >"$STAGE/completions/qacorpus.ps1"
"$HERE" config --example >"$STAGE/config.example.toml"
DAY=$(at +%Y-%m-%d)
for page in man/*.1; do sed "s/^\(\.TH .*\) \"\" \"qacorpus\"/\1 \"$DAY\" \"qacorpus $VERSION\"/" "$page" >"$STAGE/$page"; done
cp "$TOP/LICENSE" "$TOP/README.md" "$STAGE/"
MUPDF=$("$HERE" version | sed -n 's/^MuPDF //p')
go run ./sbom "$VERSION" "$MUPDF" "$STAGE/$PROGRAM" >"$OUT/$NAME.cdx.json"

case $OS in
windows)
	rm -r "$STAGE/man" "$STAGE/completions/qacorpus.bash" "$STAGE/completions/_qacorpus" "$STAGE/completions/qacorpus.fish"
	go run ./pack "$SOURCE_DATE_EPOCH" "$STAGE" "$OUT/$NAME.zip"
	exit
	;;
linux) cp "qacorpus@.service" "$STAGE/" ;;
esac
go run ./pack "$SOURCE_DATE_EPOCH" "$STAGE" "$OUT/$NAME.tar.gz"
[ "$OS" = linux ] || exit 0

gzip -9n "$STAGE"/man/*.1
MTIME=$(at +%Y-%m-%dT%H:%M:%SZ)
# nfpm fills in variables only in some places, so the file is filled in here.
sed -e "s|\${STAGE}|$STAGE|g; s|\${OUT}|$OUT/$NAME|g; s|\${MTIME}|$MTIME|g; s|\${VERSION}|$VERSION|g; s|\${ARCH}|$ARCH|g" nfpm.yaml >"$WORK/nfpm.yaml"
for kind in deb rpm; do go tool nfpm package --config "$WORK/nfpm.yaml" --packager "$kind" --target "$OUT"; done
