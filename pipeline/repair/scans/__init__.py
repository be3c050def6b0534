"""Repair of what was recognised from pictures: by how sure each character is, by the page's own words, by serial numbers."""
