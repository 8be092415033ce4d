# shellcheck shell=bash disable=SC2034
# Sourced by samples/quickstart and Tests/run: Debian packages, and only those that are missing.

# What the build needs: C libraries, the compiler's own needs (Swift links with the system's C toolchain), git for the
# packages that Package.swift names. What the program needs: the rules of time zones.
build_packages=(
    libxml2-dev zlib1g-dev libisal-dev libdeflate-dev libzstd-dev libsqlite3-dev libssh-dev pkg-config
    ca-certificates git gcc binutils libc6-dev libstdc++-12-dev
    tzdata
)

say() { printf '%s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Installs those of the named packages that are not there. Calls apt-get only if there are some.
install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "      this is not Debian: install these yourself if the next step asks for them: $*"
        return
    fi
    local name missing=() as_root=()
    for name in "$@"; do
        if ! dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed; then
            missing+=("$name")
        fi
    done
    if [ "${#missing[@]}" -eq 0 ]; then
        say "      nothing is missing"
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "as root, run: apt-get install ${missing[*]}"
        as_root=(sudo env DEBIAN_FRONTEND=noninteractive)
    fi
    say "      installing: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -qq || fail "apt-get update failed; is there a network?"
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
        fail "apt-get could not install: ${missing[*]}"
}

# Says what to do if there is no Swift, and stops.
need_swift() {
    command -v swift >/dev/null ||
        fail "there is no swift on the PATH; install Swift 6.3 for Debian 12 from https://www.swift.org/install/linux/"
}
