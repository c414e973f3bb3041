#!/bin/sh
# Before the package goes, but not before an update: the service that
# `qacorpus install` made runs this program. Its configuration and history stay.
case "$1" in
remove | purge | 0)
	[ -d /run/systemd/system ] || exit 0
	if [ -e /etc/systemd/system/qacorpus.service ]; then
		/usr/bin/qacorpus uninstall --system || true
	fi
	for unit in $(systemctl list-units --plain --no-legend --all 'qacorpus@*.service' | cut -d' ' -f1); do
		systemctl disable --now "$unit" || true
	done
	;;
esac
exit 0
