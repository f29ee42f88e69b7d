"""PLACEHOLDER of the lead until the storage engineer writes retention; overwrite me."""


class Retention:
    def __init__(self, *a):
        pass

    async def run(self):
        pass
