"""Pure measures that turn a group and its weighted contents into the attributes of a persona."""
