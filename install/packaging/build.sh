#!/bin/sh
# Builds the packages into a folder: build.sh VERSION ARCH OUT, ARCH amd64 or arm64.
# The same source gives the same bytes, whenever and wherever it is built: no
# paths (-trimpath), no time but SOURCE_DATE_EPOCH, which is the last commit's
# unless it is set.
set -eu
VERSION=$1 ARCH=$2 OUT=$3
cd "$(dirname "$0")"
TOP=$(cd ../.. && pwd)
: "${SOURCE_DATE_EPOCH:=$(git -C "$TOP" log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH VERSION ARCH
MTIME=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
STAGE=$(mktemp -d)
export MTIME STAGE
trap 'rm -rf "$STAGE"' EXIT

[ "$ARCH" = arm64 ] && export CC="${CC:-aarch64-linux-gnu-gcc}"
(cd "$TOP" && CGO_ENABLED=1 GOOS=linux GOARCH="$ARCH" go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' -o "$STAGE/qacorpus" ./cmd/qacorpus)
HERE=$STAGE/qacorpus
if [ "$ARCH" != "$(go env GOHOSTARCH)" ]; then # the texts are the same on every machine
	HERE=$STAGE/host
	(cd "$TOP" && env -u CC go build -trimpath -buildvcs=false -o "$HERE" ./cmd/qacorpus)
fi
for shell in bash zsh fish; do "$HERE" completion "$shell" >"$STAGE/completion.$shell"; done
"$HERE" config --example >"$STAGE/config.toml"
gzip -9nc qacorpus.1 >"$STAGE/qacorpus.1.gz"
cp "qacorpus@.service" "$TOP/LICENSE" "$STAGE/"

# nfpm fills in variables only in some places, so the file is filled in here.
sed -e "s|\${STAGE}|$STAGE|g; s|\${MTIME}|$MTIME|g; s|\${VERSION}|$VERSION|g; s|\${ARCH}|$ARCH|g" nfpm.yaml >"$STAGE/nfpm.yaml"
mkdir -p "$OUT"
for kind in deb rpm; do go tool nfpm package --config "$STAGE/nfpm.yaml" --packager "$kind" --target "$OUT"; done
