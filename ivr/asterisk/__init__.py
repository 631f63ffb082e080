"""Everything that knows Asterisk: AGI, AMI, generated configuration, provisioning."""
