#!/usr/bin/env bash
# Every manifest against the official schemas, by a validator whose path is given; where kubectl is, every overlay as
# Kustomize builds it too; those of the platform beside OpenFaaS as well. The validator has no schema of CloudNativePG, nor
# of who grants a host: those objects are left out.
set -euo pipefail
validator="$1"
cd "$(dirname "${BASH_SOURCE[0]}")/../generated"
folder="$(mktemp -d "${TMPDIR:-/tmp}/millrace-manifests.XXXXXX")"
trap 'rm -rf "$folder"' EXIT
platform=../../openfaas/generated/platform
find . "$platform" -name '*.yaml' ! -path './components/postgres/cluster.yaml' ! -path './components/postgres/pooler.yaml' \
  ! -path './cluster/*' -print0 |
  xargs -0 node "$validator" --restricted | grep -v '^ok'
command -v kubectl >/dev/null || exit 0
for overlay in overlays/* "$platform"; do
  kubectl kustomize "$overlay" |
    awk -v RS='---\n' -v ORS='---\n' '!/apiVersion: postgresql.cnpg.io/' >"$folder/built.yaml"
  echo "$overlay"
  node "$validator" --restricted "$folder/built.yaml" | grep -v '^ok'
done
