"""A SQL warehouse as its drivers see it, in Thrift over HTTP: sessions, and one row for whatever is asked."""

import importlib
import json
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from .guarded import Answer, Asked

PATH = "/sql/1.0/warehouses/"
EXCHANGE = "/oidc/v1/token"


class Warehouse:
    """`site` is where a databricks-sql-connector is, whose Thrift definitions it speaks. What is no warehouse's is for
    `others`."""

    def __init__(self, site: Path, others: Callable[[Asked], Answer]) -> None:
        sys.path.append(str(site))
        self._service = importlib.import_module("databricks.sql.thrift_api.TCLIService.TCLIService")
        self.types = importlib.import_module("databricks.sql.thrift_api.TCLIService.ttypes")
        self._protocol = importlib.import_module("thrift.protocol.TBinaryProtocol").TBinaryProtocol
        self._memory = importlib.import_module("thrift.transport.TTransport").TMemoryBuffer
        self._others = others
        # What it was asked, and the `Authorization` of each request, in order.
        self.statements: list[str] = []
        self.brought: list[str | None] = []
        # What happens elsewhere before each of them is answered.
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, asked: Asked) -> Answer:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        if asked.path == EXCHANGE:
            # It is asked whether another token is needed; the one that it has is taken.
            original = parse_qs(asked.body.decode())["subject_token"][0]
            body = json.dumps({"access_token": original, "token_type": "Bearer"}).encode()
            return Answer(body, headers={"Content-Type": "application/json"})
        if not asked.path.startswith(PATH):
            return self._others(asked)
        self.brought.append(headers.get("authorization"))
        self.meanwhile()
        sent, answer = self._memory(asked.body), self._memory()
        self._service.Processor(Statements(self)).process(self._protocol(sent), self._protocol(answer))
        return Answer(answer.getvalue(), headers={"Content-Type": "application/x-thrift"})


class Statements:
    """The service's functions."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._types = warehouse.types
        self._ok = self._types.TStatus(statusCode=self._types.TStatusCode.SUCCESS_STATUS)

    def OpenSession(self, asked):
        types = self._types
        version = types.TProtocolVersion.SPARK_CLI_SERVICE_PROTOCOL_V7
        return types.TOpenSessionResp(
            status=self._ok,
            serverProtocolVersion=version,
            sessionHandle=types.TSessionHandle(sessionId=self._identifier(), serverProtocolVersion=version),
            initialNamespace=asked.initialNamespace,
            canUseMultipleCatalogs=True,
        )

    def ExecuteStatement(self, asked):
        types = self._types
        self._warehouse.statements.append(asked.statement)
        number = types.TPrimitiveTypeEntry(type=types.TTypeId.INT_TYPE)
        kind = types.TTypeDesc(types=[types.TTypeEntry(primitiveEntry=number)])
        schema = types.TTableSchema(columns=[types.TColumnDesc(columnName="one", typeDesc=kind, position=1)])
        column = types.TColumn(i32Val=types.TI32Column(values=[1], nulls=b"\0"))
        results = types.TSparkDirectResults(
            operationStatus=types.TGetOperationStatusResp(
                status=self._ok, operationState=types.TOperationState.FINISHED_STATE
            ),
            resultSetMetadata=types.TGetResultSetMetadataResp(
                status=self._ok, schema=schema, resultFormat=types.TSparkRowSetType.COLUMN_BASED_SET
            ),
            resultSet=types.TFetchResultsResp(
                status=self._ok,
                hasMoreRows=False,
                results=types.TRowSet(startRowOffset=0, rows=[], columns=[column]),
            ),
            closeOperation=types.TCloseOperationResp(status=self._ok),
        )
        handle = types.TOperationHandle(
            operationId=self._identifier(),
            operationType=types.TOperationType.EXECUTE_STATEMENT,
            hasResultSet=True,
        )
        return types.TExecuteStatementResp(status=self._ok, operationHandle=handle, directResults=results)

    def CloseOperation(self, _asked):
        return self._types.TCloseOperationResp(status=self._ok)

    def CloseSession(self, _asked):
        return self._types.TCloseSessionResp(status=self._ok)

    def _identifier(self):
        return self._types.THandleIdentifier(guid=uuid.uuid4().bytes, secret=uuid.uuid4().bytes)
