"""Turns of chats: a question, and the answers of one or several models, stored so that the web page shows them.

There are two ways to run a turn, and `ask` chooses:

    served      the server answers into the chat by itself and goes on when nobody waits any more (0.10 and newer)
    passed on   the answer is passed through to here, word by word, and the finished turn is written into the chat

Both leave the same kind of chat: no placeholders, no unfinished messages, and what failed says so in the page.
"""
