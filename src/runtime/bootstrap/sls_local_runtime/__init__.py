"""What a Python instance is made of; `bootstrap.py` beside this folder starts it."""
