"""Values that other tools keep in their files: metrics, runs, service level objectives. Read, never written."""
