from storage.database import Database


async def test_a_vote_counts_once_and_can_be_changed(database: Database) -> None:
    async with database.work.writing() as uow:
        assert await uow.votes.tally(7, "dns") == (0, 0, None)
        await uow.votes.vote(7, "dns", useful=True)
        await uow.votes.vote(7, "dns", useful=True)
        await uow.votes.vote(8, "dns", useful=False)
        await uow.votes.vote(8, "mail", useful=True)
        assert await uow.votes.tally(7, "dns") == (1, 2, True)
        assert await uow.votes.tally(8, "dns") == (1, 2, False)
        await uow.votes.vote(8, "dns", useful=True)
        assert await uow.votes.tally(9, "dns") == (2, 2, None)
