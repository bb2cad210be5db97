"""Local files that manifests name: patterns, git's ignore rules, digests and limits."""
