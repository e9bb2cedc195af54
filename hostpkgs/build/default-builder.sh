# shellcheck shell=bash
# shellcheck source=setup.sh
source "$stdenv/setup"
genericBuild
