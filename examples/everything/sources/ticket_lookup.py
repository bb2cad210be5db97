"""
title: Ticket lookup
description: Looks tickets up by their number.
version: 1.0.0
"""

from pydantic import BaseModel, Field


class Tools:
    class Valves(BaseModel):
        tracker: str = Field(default="https://tickets.example.com", description="Where the tickets are.")
        limit: int = Field(default=10, ge=1, le=100, description="How many tickets one answer may list.")

    def __init__(self):
        self.valves = self.Valves()

    def address_of_ticket(self, number: int) -> str:
        """
        Tell where a ticket can be read.
        :param number: The number of the ticket.
        """
        return f"{self.valves.tracker}/{number}"
