"""Seeds: another for every song, and for every fill of it."""

from song.limits import MAX_SEED
from song.seeds import fill_seed, fresh_seed


def test_no_two_songs_have_one_seed() -> None:
    seeds = [fresh_seed() for _ in range(100)]
    assert len(set(seeds)) == 100
    assert all(0 <= seed <= MAX_SEED for seed in seeds)


def test_the_first_fill_has_the_song_s_seed_and_later_ones_others() -> None:
    seeds, number = [], 0
    for _ in range(50):
        seed, number = fill_seed(7, number, seeds)
        seeds.append(seed)
    assert seeds[0] == 7
    assert len(set(seeds)) == 50
    assert all(0 <= seed <= MAX_SEED for seed in seeds)


def test_a_seed_that_is_used_is_passed_over() -> None:
    first, number = fill_seed(7, 0, {7})
    assert (first, number) == (fill_seed(7, 1, ())[0], 2)
