"""How others find, cite, embed and follow what is shown: heads of pages, maps, feeds, oEmbed, content states."""
