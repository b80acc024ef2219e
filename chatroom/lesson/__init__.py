"""The lesson this project grew from; nothing here imports the chat."""
