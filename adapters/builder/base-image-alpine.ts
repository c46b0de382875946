import type { BaseImageFile } from "@/adapters/builder/base-image-file";

/** Alpine's name of a package and Debian's, where one is not the other; none = Debian has it built in. */
const debianNames: Readonly<Record<string, string>> = {
	"bind-tools": "dnsutils",
	"build-base": "build-essential",
	gcompat: "",
	"icu-libs": "libicu72",
	iputils: "iputils-ping",
	"jpeg-dev": "libjpeg-dev",
	"libc-dev": "libc6-dev",
	"libc6-compat": "",
	libgcc: "libgcc-s1",
	"libstdc++": "libstdc++6",
	"linux-headers": "linux-libc-dev",
	"mariadb-dev": "libmariadb-dev",
	"musl-dev": "libc6-dev",
	musl: "",
	"openssl-dev": "libssl-dev",
	openjdk17: "openjdk-17-jdk-headless",
	"openjdk17-jdk": "openjdk-17-jdk-headless",
	"openjdk17-jre": "openjdk-17-jre-headless",
	"openjdk17-jre-headless": "openjdk-17-jre-headless",
	"postgresql-dev": "libpq-dev",
	"procps-ng": "procps",
	shadow: "passwd",
	"su-exec": "gosu",
	"zlib-dev": "zlib1g-dev",
};

const cases = Object.entries(debianNames)
	.map(([alpine, debian]) => `\t${alpine}) echo "${debian}" ;;`)
	.join("\n");

/** `apk add` by apt. Nothing is taken away again: a later step may need what two lists name. */
const apk = `#!/bin/sh
# Debian's packages for a Dockerfile that was written for Alpine (Sluice).
set -e
debian_name() {
	case "$1" in
${cases}
	py3-*) echo "python3-\${1#py3-}" ;;
	*) echo "$1" ;;
	esac
}
verb=
packages=
while [ $# -gt 0 ]; do
	case "$1" in
	-t | --virtual | -X | --repository | -p | --root | --arch | --keys-dir | --repositories-file) shift ;;
	-* | .*) ;;
	*)
		if [ -z "$verb" ]; then verb=$1; else packages="$packages $(debian_name "\${1%%[=<>~@]*}")"; fi
		;;
	esac
	[ $# -eq 0 ] || shift
done
case "$verb" in
add)
	[ -n "$(ls /var/lib/apt/lists/*Packages* 2>/dev/null)" ] || apt-get update -qq
	# shellcheck disable=SC2086 # one word a package
	DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $packages
	rm -rf /var/lib/apt/lists/*
	;;
update | upgrade | del | fix | cache | "") ;;
*)
	echo "apk $verb is not there: this base is Debian. Write apt-get or dpkg." >&2
	exit 1
	;;
esac
`;

/** Alpine's options are short ones, Debian's long ones. */
const addgroup = `#!/bin/sh
# Alpine's way to write it, by Debian's programs (Sluice).
set -e
case " $*" in *" --"*) exec /usr/sbin/addgroup "$@" ;; " -"*) ;; *) exec /usr/sbin/addgroup "$@" ;; esac
system= id=
while getopts Sg: option; do
	case "$option" in
	S) system=--system ;;
	g) id="--gid $OPTARG" ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
exec groupadd $system $id "$1"
`;

const adduser = `#!/bin/sh
# Alpine's way to write it, by Debian's programs (Sluice).
set -e
case " $*" in *" --"*) exec /usr/sbin/adduser "$@" ;; " -"*) ;; *) exec /usr/sbin/adduser "$@" ;; esac
home= shell= group= id= system= make=--create-home
while getopts Sh:g:s:G:DHu:k: option; do
	case "$option" in
	S) system=--system ;;
	h) home="--home-dir $OPTARG" ;;
	s) shell=$OPTARG ;;
	G) group=$OPTARG ;;
	H) make=--no-create-home ;;
	u) id="--uid $OPTARG" ;;
	D | g | k) ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
if [ -n "$group" ]; then
	of="--gid $group --no-user-group"
elif [ -n "$system" ]; then
	of="--gid nogroup --no-user-group"
else
	of=--user-group
fi
[ -n "$shell" ] || { [ -n "$system" ] && shell=/usr/sbin/nologin || shell=/bin/sh; }
exec useradd $system $make $home $id $of --shell "$shell" "$1"
`;

/** The commands of Alpine that Dockerfiles write most: a base stands for Alpine's variant of an image, too. */
export const alpineCommands: readonly BaseImageFile[] = [
	{ path: "usr/local/bin/apk", text: apk, isProgram: true },
	{ path: "usr/local/bin/addgroup", text: addgroup, isProgram: true },
	{ path: "usr/local/bin/adduser", text: adduser, isProgram: true },
];
