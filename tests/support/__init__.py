"""What tests share: projects, servers seen past our client, proxies, builders of values."""
