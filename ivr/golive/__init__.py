"""How a change comes to callers: watched for, examined apart, kept as a version, told in words."""
