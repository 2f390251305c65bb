"""What is kept: tables, migrations, and one query module per subject.

Query functions are named for the question they answer, take a session, and return values or rows,
never queries; transactions are begun by services. Import what is needed from the submodules.
"""
