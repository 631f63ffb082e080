import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.agi_command import MAX_COMMAND, BadCommand, encode


def unquoted(line: bytes) -> list[str]:
    """As Asterisk's parse_args reads a line."""
    words, word, quoted, escaped, begun = [], "", False, False, False
    for letter in line.decode():
        if escaped:
            word, escaped = word + letter, False
        elif letter == "\\":
            escaped = begun = True
        elif letter == '"':
            quoted, begun = not quoted, True
        elif letter in " \n" and not quoted:
            if begun:
                words.append(word)
            word, begun = "", False
        else:
            word, begun = word + letter, True
    return words


@given(st.text(max_size=300))
def test_an_argument_arrives_as_it_was_or_is_refused(argument: str) -> None:
    try:
        line = encode("STREAM FILE", argument, "#")
    except BadCommand:
        return
    assert line.count(b"\n") == 1
    assert unquoted(line) == ["STREAM", "FILE", argument, "#"]


@pytest.mark.parametrize("text", ["x\nEXEC System id", "x\rEXEC", "x\0", "\x85", "\u2028", "a" * MAX_COMMAND])
def test_nothing_can_become_a_second_command(text: str) -> None:
    with pytest.raises(BadCommand) as refusal:
        encode("STREAM FILE", text)
    assert text not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("EXEC", "System"),
        ("GET VARIABLE", "SHELL(id)"),
        ("GET VARIABLE", "${SHELL(id)}"),
        ("SET VARIABLE", "SHELL(id)"),
        ("SET VARIABLE", "FILE(/etc/passwd)"),
        ("GET FULL VARIABLE", "${X}"),
        ("DATABASE PUT", "a"),
        ("NOOP\nEXEC System", "id"),
    ],
)
def test_only_what_the_engine_uses_can_be_sent(name: str, first: str) -> None:
    with pytest.raises(BadCommand):
        encode(name, first)


@pytest.mark.parametrize(
    "argument",
    [
        "System(id)",
        "ExecIf(${ISNULL(${A})}?Read(B,${SHELL(id)},1):Set(READSTATUS=AHEAD))",
        "ExecIf(${ISNULL(${A})}?Read(B,x):System(id):Set(READSTATUS=AHEAD))",
        "ExecIf(${ISNULL(${A})}?Read(B,x)):System(id),1):Set(READSTATUS=AHEAD))",
        'ExecIf(${ISNULL(${A})}?Read(B,x"?System(id),1):Set(READSTATUS=AHEAD))',
    ],
)
def test_what_asterisk_evaluates_is_a_question_and_nothing_else(argument: str) -> None:
    assert encode("EXEC", "Exec", "ExecIf(${ISNULL(${A})}?Read(B,/x/y&/z,1):Set(READSTATUS=AHEAD))")
    with pytest.raises(BadCommand):
        encode("EXEC", "Exec", argument)


def test_quoting() -> None:
    assert encode("SET VARIABLE", "CALLERID(name)", 'a "b" \\') == b'SET VARIABLE "CALLERID(name)" "a \\"b\\" \\\\"\n'
    assert encode("STREAM FILE", "/x/y", "") == b'STREAM FILE /x/y ""\n'
