"""Turns of chats: a question, and the answers of one or several models, stored so that the web page shows them.

There are two ways to run a turn, and `ask` chooses the first where the server can: with tools from 0.10 on, for one
model from 0.11 on (before, what came of an answer that breaks off is lost), for several models from 0.12 on (before,
they overwrite each other). Streams are always passed on: nothing else gives the text as it comes to every user.

    served      the server answers into the chat by itself and goes on when nobody waits any more
    passed on   the answer is passed through to here, word by word, and the finished turn is written into the chat

Both leave the same kind of chat: no placeholders, no unfinished messages, and what failed says so in the page.
"""
