"""What is promised of reliability, each promise measured against a real service: ``make reliability``."""
