"""PLACEHOLDER of the lead until the storage engineer writes the vault; overwrite me."""


class Vault:
    def __init__(self, *a):
        pass

    async def keep(self, file, name):
        raise OSError("no vault yet")

    async def audio(self, recording):
        return b""
