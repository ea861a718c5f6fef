from storage.database import Database


async def test_a_setting_is_kept_until_it_is_set_again(database: Database) -> None:
    kept = database.settings_store
    assert await kept.get("commands") is None
    await kept.set("commands", "abc")
    await kept.set("other", "ł")
    await kept.set("commands", "def")
    assert await kept.get("commands") == "def"
    other = await Database.open(str(database.engines.url), migrate=False)
    assert await other.settings_store.get("other") == "ł"
    await other.close()
