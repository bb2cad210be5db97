"""Other services that Open WebUI talks to, as small servers on loopback: they answer below the provider's address.

    POST /search              a search engine that Open WebUI calls `external`
    GET  /search?q=WORDS      the same one, as SearXNG
    GET  /pages/TITLE         the pages that it finds
         /tools/NAME/...      a tool server with an OpenAPI description at `/tools/NAME/openapi.json`; any NAME
    POST /mcp/NAME            a tool server that speaks MCP (streamable HTTP); any NAME
    POST /webhooks/NAME       a receiver of webhooks; any NAME
    GET  /_received           the requests to these that came in, oldest first
    POST /_pages              pages to find, as `{"pages": [{"title", "text"}, ...]}`

`/_script` of the provider lets them fail too: its rules name a path, and of their faults `status` and `delay` count.
"""
