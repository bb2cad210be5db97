"""A scripted provider with the OpenAI API: deterministic answers, embeddings, tool calls, and faults on demand.

    GET  /v1/models             the models of `MODELS`
    POST /v1/chat/completions   answers, streamed or not; see `answers` for what a prompt can ask for
    POST /v1/embeddings         vectors of which words occur; see `embeddings`
    POST /_script               one rule or a list: what the next requests get; see `script`
    GET  /_requests             the requests to /v1 that came in, oldest first
    POST /_models               the models to offer beside those, as `{"models": [ID, ...]}`
    POST /_reset                forgets rules and requests, and ends what hangs

Its process serves the other services that a sandbox needs as well, see `owui_sync.sandbox.stubs`.

It is a process of its own: `python -m owui_sync.sandbox.provider --port N`. With `--forward URL` it offers the models
of a real API instead and passes chat completions on to it; embeddings stay its own.
"""
