async def test_the_document_says_what_is_served(rig):
    document = await rig.get("/api/openapi.json", None)
    assert document["openapi"] == "3.1.0"
    ticket = document["paths"]["/api/v1/tickets/{number}"]
    assert ticket["patch"]["x-roles"] == ["admin", "operator", "senior", "supervisor"]
    assert ticket["get"]["parameters"][0]["schema"]["pattern"] == "^(?:[0-9]{1,14})$"
    names = {each["name"] for each in document["paths"]["/api/v1/tickets"]["get"]["parameters"]}
    assert {"phone", "line", "section", "end", "status", "limit", "after"} <= names
    assert "security" not in document["paths"]["/healthz"]["get"]


async def test_every_reference_in_the_document_leads_somewhere(rig):
    document = await rig.get("/api/openapi.json", None)

    def references(part):
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            part = list(part.values())
        for each in part if isinstance(part, list) else ():
            yield from references(each)

    found = set(references(document))
    assert found
    assert {each.removeprefix("#/components/schemas/") for each in found} <= set(document["components"]["schemas"])
