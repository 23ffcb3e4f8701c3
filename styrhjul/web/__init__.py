"""Routes and pages. An entry point: it reads the clock through the installation and holds no business rule."""
