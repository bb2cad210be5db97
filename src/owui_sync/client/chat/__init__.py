"""Turns of chats: a question, and the answers of one or several models, stored so that the web page shows them.

There are two ways to run a turn, and `ask` chooses the first where the server can: with tools from 0.10 on, for one
model from 0.11 on (before, the text of an answer that breaks off is lost), for several models from 0.12 on (before,
they overwrite each other). Streams always take the second: nothing else gives the text as it comes to every user.

    background  the server answers into the chat by itself, and continues when nobody waits any more
    streaming   the answer is passed through to here, word by word, and the finished turn is written into the chat

Both leave the same kind of chat: no placeholders, no unfinished messages, and what failed says so in the page.

    document    a chat as the server told it last, so that it is read once
    session     work of several steps in one chat, which another process can continue
    talk        a conversation in a chat that is found by its title
"""
