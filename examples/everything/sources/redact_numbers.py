"""
title: Redact numbers
description: Hides long numbers, such as those of cards, from models.
version: 1.0.0
"""

import re

from pydantic import BaseModel


class Filter:
    class Valves(BaseModel):
        priority: int = 0
        digits: int = 12

    def __init__(self):
        self.valves = self.Valves()

    def inlet(self, body: dict) -> dict:
        """Run before a question goes to the model."""
        long_number = re.compile(rf"\d{{{self.valves.digits},}}")
        for message in body["messages"]:
            if isinstance(message.get("content"), str):
                message["content"] = long_number.sub("(number)", message["content"])
        return body
