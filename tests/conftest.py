"""Every test process has the service's kind of reactor, before an import can install another."""

from tests.reactor import installed_loop

installed_loop()
