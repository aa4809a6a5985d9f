"""What is trained on and validated with, never tested: by the names of the texts and lists that it
adds to. Like them, its entries belong to a part by their places (`texts.OF_STUDIED`), and keep it:
new ones go to the end.
"""
