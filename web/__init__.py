"""The web application: pages and API over the store and the bus."""
