from bench.goals import GOALS, Goal, Line, table


def test_more_is_better_unless_it_is_time_or_memory() -> None:
    assert GOALS["solo"].met(0.75)
    assert not GOALS["solo"].met(0.74)
    assert GOALS["complete"].met(15)
    assert not GOALS["complete"].met(15.1)
    assert GOALS["complete"].reached(7.9)


def test_no_aim_is_under_its_floor() -> None:
    assert all(goal.met(goal.aim) for goal in GOALS.values())


def test_what_is_missed_is_shouted() -> None:
    assert Line("solo", 0.5).verdict == "**missed**"
    assert Line("solo", 0.8).verdict == "floor"
    assert Line("solo", 0.9).verdict == "aim"


def test_numbers_are_shown_in_their_unit() -> None:
    assert Goal("x", 0, 1).shown(0.456) == "0.46"
    assert Goal("x", 0, 1, unit="%").shown(0.983) == "98.3 %"
    assert Goal("x", 0, 1, unit="%").shown(1) == "100 %"
    assert Goal("x", 0, 1, unit="s").shown(7.25) == "7.2 s"
    assert table([Line("solo", 0.8, "ten songs")]).splitlines()[-1] == (
        "| melody kept, note F1: solo | 0.75 | 0.85 | 0.80 | floor | ten songs |"
    )
