"""The composition root: command line, settings, processes, supervisor, migrations, and the servers of demo and tests.

It imports all other rooms and nobody imports it. It decides nothing about devices, readings or alerts: what it adds is
where the servers are, what the time is, and that what fails is begun again.
"""
