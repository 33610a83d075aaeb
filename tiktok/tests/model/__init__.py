"""The life of publications under random trouble: the real engine, driven by hypothesis.

pretend.py      a TikTok in memory that lives by the model's clock; serving.py: on a socket
actors.py       workers and web requests that can be killed or frozen at any boundary
people.py       what people do, each as one request
invariants.py   what must be true after each step, whatever has happened
strategies.py   what hypothesis may choose from
machine.py      the steps, and the rest that everything comes to in the end

For long, with random seeds: pytest tiktok/tests/model --hypothesis-profile=long
"""
