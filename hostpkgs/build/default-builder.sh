# shellcheck shell=bash
# shellcheck disable=SC2154 # stdenv is the derivation's
# shellcheck source=setup.sh
source "$stdenv/setup"
genericBuild
