"""The names that an operator reads in place of keys, in every language that is spoken."""

from ivr.desk.names import names_of
from tests.unit.ivr.desk.conftest import SERVICE


async def test_keys_have_names_that_operators_read(rig):
    names = await rig.get("/api/v1/names", "operator")
    assert names["queues"]["technical"]["en"] == "Technical questions"
    assert names["regions"]["moscow"]["tt"] == "Мәскәү һәм Мәскәү өлкәсе"
    assert names["sections"]["technical"]["ru"] == "Технические вопросы"
    assert names["categories"]["site-fault"]["en"] == "Site faults"
    assert names["flows"]["main"]["ru"] == "Главное меню"


def test_a_region_of_several_lines_has_the_first_ones_name():
    assert names_of(SERVICE)["regions"]["abroad"]["ru"] == "Звонки из-за рубежа"


def test_everything_that_the_shipped_files_have_is_named_in_each_language():
    languages = {language for line in SERVICE.lines.values() for language in line.languages}
    names = names_of(SERVICE)
    assert set(names["queues"]) == set(SERVICE.queues) and set(names["flows"]) == set(SERVICE.flows)
    lacking = [
        (kind, key) for kind, each in names.items() for key, texts in each.items() if not languages <= set(texts)
    ]
    assert lacking == []
