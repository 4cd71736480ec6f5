#!/bin/sh
# Builds the image with docker, or with $BUILDER (podman, buildah). Needs Go and nothing
# else from outside: no image is pulled.
#
#	deploy/container/build.sh [TAG]
set -eu
cd "$(dirname "$0")/../.."
tag=${1:-duijie:latest}
certificates=${CERTIFICATES:-/etc/ssl/certs/ca-certificates.crt}
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

CGO_ENABLED=0 GOOS=linux go build -trimpath -tags noonnx -o "$context/duijie" ./cmd/duijie
[ -r "$certificates" ] || { echo "no certificates at $certificates: set CERTIFICATES" >&2; exit 1; }
cp "$certificates" "$context/ca-certificates.crt"
mkdir "$context/data"
${BUILDER:-docker} build -t "$tag" -f deploy/container/Dockerfile "$context"
